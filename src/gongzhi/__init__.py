"""Gongzhi 共治: the platform on which streets, communities and residents govern together.

Every folder is a room; ARCHITECTURE.md draws the house and says which room may know which.
"""

__version__ = "0.1.0"
