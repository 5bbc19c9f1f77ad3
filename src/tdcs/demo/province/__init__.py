"""The credit side of the demonstration: an invented province of borrowers on real units.

Figures it is made like stand in ``demo/data/calibration.yaml``. Nothing here is a real person, number or loan.
"""
