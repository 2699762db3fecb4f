"""Reports of runs: as a document for a review meeting, as figures for machines."""
