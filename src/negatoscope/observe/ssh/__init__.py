"""The ``ssh`` collector: what ``local`` sees, on other Linux hosts."""
