"""The national application form (申报表): built from one answer, footed, written."""
