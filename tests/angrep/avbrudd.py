def attack(portal, verden, slutt):
    from tests.angrep.utfall import Utfall
    return Utfall("avbrudd")
