"""Models in memory: networks, queues, versions and who owns them."""
