"""Tests of files of logs."""
