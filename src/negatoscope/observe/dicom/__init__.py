"""The ``dicom`` collector: associations and C-ECHO, never a word about a patient."""
