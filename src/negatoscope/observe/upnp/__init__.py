"""The ``upnp`` collector: what a gateway opens by itself."""
