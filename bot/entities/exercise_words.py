"""The names of the four exercises as people write and dictate them. Data for ``exercise``."""

from __future__ import annotations

_BALL = r"(?:ball|pelota|bola)"
_NAVEL = r"(?:belly(?: button)?|navel|stomach|tummy|ombligo|abdomen)"
_HIP = r"(?:hips?|pelvi[sc]\w*(?: bone)?|cadera)"
_MOVE = r"(?:release|exercise|muscle|stretch|one|thing|activation|again|pls|please|ejercicio)"
_BEGIN = r"(?:start|do|begin|doing|try|run)(?: the| my| with| us)?"

PATTERNS = {
    "iliacus_release": [
        r"\bil+i?[ae]?[ck]+[uai]s\b", r"\bil+ea[ck]+us\b", r"\bil+ia[ck]+[uiao]s?\b", r"\biliaco\b",
        rf"\biliac (?:{_MOVE})\b", r"\bs?[ie]l+[iy] ?a[ck]{1,2}[uai]s\b",
        r"\bs?il+y (?:ac|ack|a cuss?)\b",
        r"\bill? e a[ck]+us\b", r"\bil(?:i|y)a (?:kiss|cuss?|ac)\b", r"\balia cuss?\b",
        r"\btenn?is[ -]?ball\b", rf"\b{_BALL} de tenis\b",
        rf"\b{_HIP}[ -](?:bone )?{_BALL}\b", rf"\b{_BALL} (?:\w+ ){{0,4}}?{_HIP}\b",
        r"\bhip (?:flexors? )?(?:\w+ )?release\b",
    ],
    "psoas_release": [
        r"\bp ?so+a[sz]?\b", r"\bp so as\b", r"\bps?oaz\b", r"\bsoa[sz]\b", r"\bposas\b",
        r"\bpsaos\b", r"\bpsoa\b",
        rf"\bs(?:o|ew) (?:as{{1,2}}|ask|has|us) {_MOVE}\b",
        rf"\b{_BEGIN} s(?:o|ew) as{{1,2}}\W*$", r"^\W*so ass\W*$",
        rf"\b{_NAVEL} {_BALL}\b", rf"\b{_NAVEL} \w+ (?:w|with) (?:the |a |my )?{_BALL}\b",
        rf"\b{_BALL} (?:\w+ ){{0,6}}?{_NAVEL}\b",
        rf"\b(?:next to|beside|near|by) (?:the |my )?{_NAVEL}\b",
        rf"\brelease\b,? (?:\w+ ){{0,4}}?{_NAVEL}\b",
        r"\binflatable\b", rf"\b(?:4|four) ?inch(?:es)? {_BALL}\b", r"\b(?:4|four) ?inch\b",
        rf"\b(?:soft|squishy)(?: \w+)? {_BALL}\b", rf"\bsoft ?ball (?:{_MOVE}|size\w*)\b",
    ],
    "long_bridge": [
        r"\b(?:long |the |heel push |do |start |multi\w* |now |a )?bridge(?:s|ing)?\b(?! of| over|"
        r" club| tournament)",
        r"\bpuente\b", r"\bm[ou]+l?t?l?[ti]*i?[ -]?f[ie]+[dt]+[aeiou]+s\b", r"\bmulti ?fid\w*\b",
        r"\b(?:mole|mold|mull|multi|malty|moldy) ?(?:to |ti |two )?(?:fetus|feet us|feed us|"
        r"fit us|fidus|fidas)\b",
        rf"\bmultiple fetus {_MOVE}\b", r"\bmultifet\w*\b",
        r"\bheels?[ -](?:push|dig|press|drive)\w*\b", r"\bheel (?:thing|one|exercise)\b",
        r"\b(?:dig|digging|push|pushing|press|pressing|drive) (?:\w+ ){0,2}?heels?\b",
        r"\bheels? (?:\w+ )?(?:push|dig|press)\w*\b",
    ],
    "ta_activation": [
        r"\bta (?:activat\w*|exercise|muscle|thing|one|pull|work|drill)\b", r"\bt a activ\w*",
        r"\btva\b", r"\bt ?\. ?a ?\.",
        r"\btrans ?vers\w*\b", r"\btrance verse\b", r"\btransfers abdom\w*",
        r"\bbelly ?button\b", r"\bnavel\b", r"\bombligo\b", r"\bdraw(?:ing)?[ -]?(?:it )?in\b",
        r"\bsuck(?:ing)?(?: it| your \w+)? in\b",
        r"\b(?:deep|lower) (?:\w+ )?(?:abs?|abdominals?|core|belly)\b",
        r"\babs? (?:one|exercise|thing)\b",
        r"\babdominal (?:exercise|pull|one|draw\w*)\b",
        r"\b(?:tummy|stomach|belly) (?:one|thing|pull\w*|suck\w*|exercise|vacuum|breath\w*)\b",
    ],
}  # fmt: skip
# The same words with another meaning.
ELSEWHERE = (
    r"\bso as (?:not )?to\b|\b(?:play|coach|playing|coaching|watch) (?:soft ?ball|tennis)\b|"
    r"\bsoftball (?:game|team|season|"
    r"practice|league)\b|\btennis (?:elbow|court|match)\b|\b(?:glute|dental|london|tooth|"
    r"golden gate) bridge\w*|"
    r"\b(?:over|under|across|crossed|off) (?:the|a) bridge\b|\bbridge of my nose\b|\btummy tuck\b|"
    r"\bbelly button (?:ring|"
    r"piercing|hurts)\b|\bstomach (?:ache|pain|hurts|bug|is)\b|\bhip (?:replacement|surgery)\b|"
    r"\bsacroiliac\b|"
    r"\biliac (?:crest|artery|joint)\b|\bheel (?:pain|spur|hurts|bone)\b|\bmultiple (?:sclerosis|"
    r"times)\b"
)
# An exercise behind these is the one that is not wanted, where another is named too.
UNWANTED = (
    r"(?:\bnot|\binstead of|\bskip|\bskipping|\bno more|\bdone with|\bfinished|\binstead of doing|"
    r"\brather than|\bdid|\bnever ?mind|\bforget|\bdrop|\bleave out|"
    r"\b(?:don'?t|do not) (?:want|wanna|like|feel like)(?: to)?)"
    r"(?: (?:the|my|a|do|any|doing|with))*\W*$"
)
