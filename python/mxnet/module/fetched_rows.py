"""Rows of row-sparse parameters that a store keeps, on the devices that compute with them."""

__all__ = ["FetchedRows"]


class FetchedRows:
    """Which rows of some parameters the devices have, and getting others from the store.

    A parameter is fetched by rows from the first `fetch` on: `Module.update` then leaves it in the
    store. Rows that were fetched are good for the next forward pass; another one without `fetch`
    gets all rows, so that no pass computes with rows that are missing or old.

    Args:
        store (KVStore): It keeps and updates the parameters.
        blocks (function): The arrays of a parameter on all devices, by its name.
    """

    def __init__(self, store, blocks):
        self._store = store
        self._blocks = blocks
        self._names = set()
        self._fresh = self._whole = True

    def __contains__(self, name):
        return name in self._names

    def fetch(self, rows):
        """Get rows for the next forward pass.

        Args:
            rows (dict of str to NDArray, or lists of them by device): Row numbers by parameter.
        """
        if not rows:
            return
        for name in self._names.difference(rows):  # fetched by rows for another batch
            self._fetch_all_of(name)
        for name, numbers in rows.items():
            self._names.add(name)
            self._store.row_sparse_pull(name, self._blocks(name), row_ids=numbers)
        self._fresh, self._whole = True, False

    def before_forward(self):
        """All rows, unless those of the batch were fetched."""
        if not self._fresh:
            self.fetch_all()
        self._fresh = self._whole

    def fetch_all(self):
        """All rows, for instance to save them."""
        if self._names and not self._whole:
            for name in self._names:
                self._fetch_all_of(name)
            self._fresh = self._whole = True

    def after_update(self):
        """The store has newer values."""
        if self._names:
            self._fresh = self._whole = False

    def _fetch_all_of(self, name):
        self._store.pull(name, self._blocks(name), ignore_sparse=False)
