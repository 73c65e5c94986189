"""What a service accepts in TLS: versions and ciphers asked for byte by byte, and the certificate that it shows."""
