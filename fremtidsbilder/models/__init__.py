from fremtidsbilder.models.fremtidsbilde import Fremtidsbilde, Tegn, Tema
from fremtidsbilder.models.maal import Maal, Utviklingsomraade

__all__ = ["Fremtidsbilde", "Maal", "Tegn", "Tema", "Utviklingsomraade"]
