"""The practice's own texts, drafted from the register and the rules: the security policy and the IT charter."""
