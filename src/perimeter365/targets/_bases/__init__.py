"""Base classes and helpers of targets, one module for each family of formats."""
