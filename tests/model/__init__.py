"""Tests of the model, and sample values for other tests."""
