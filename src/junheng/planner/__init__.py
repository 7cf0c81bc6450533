"""The cheapest plan to pass, with its proof. Nothing stands here yet."""
