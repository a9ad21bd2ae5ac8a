"""Exports: ordered, written by a job, downloaded."""
