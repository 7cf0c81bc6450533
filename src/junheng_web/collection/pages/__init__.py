"""The pages: requests in, answers out."""
