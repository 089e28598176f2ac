"""Measuring fidelity: files go through the embedded OX and the gateway, and what comes back is compared by meaning.

`split` and the comparison are pure functions; `trip` speaks HTTP; `world` starts both servers; `report` prints."""
