from fremtidsbilder.models.fremtidsbilde import Fremtidsbilde, Tegn, Tema
from fremtidsbilder.models.innspill import Innspill
from fremtidsbilder.models.maal import Maal, Utviklingsomraade

__all__ = ["Fremtidsbilde", "Innspill", "Maal", "Tegn", "Tema", "Utviklingsomraade"]
