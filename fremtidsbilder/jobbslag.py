"""The kinds of long work that fremtidsbilder can do; importing a module registers its own."""

from fremtidsbilder.tankesmier import ark, skanning

__all__ = ["ark", "skanning"]
