"""开新学年 (P19): what is carried on, moves up and is asked again."""
