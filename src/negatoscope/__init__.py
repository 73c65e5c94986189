"""Négatoscope: forty rules of IT hygiene for medical imaging practices, judged on proof."""
