"""Legal duties after an incident, one dated file each (``duty.Duty``)."""
