"""What every room shows and stores alike: base templates, components, fields. No models."""
