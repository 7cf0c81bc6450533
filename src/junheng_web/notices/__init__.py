"""What a person is told inside the platform. Anything may send; it knows nobody."""
