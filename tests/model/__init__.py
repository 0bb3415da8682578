"""Tests of the model, and sample values that other tests use too."""
