"""Rules, controls, and the algebra that turns facts into verdicts; pure."""
