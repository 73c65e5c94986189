"""Files of logs: what each holds, record by record, in bounded memory; and files that grow, followed."""
