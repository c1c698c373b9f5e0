"""Finds characters that look alike by comparing their rendered glyphs; writes tables/derived/look-alikes.tsv.

Each character of tables/derived/characters.tsv is drawn with Noto Sans CJK SC (Debian package fonts-noto-cjk, SIL Open Font
License 1.1) at 64 px, blurred by 1.2 px so that strokes a hair apart still meet, and made a vector of zero mean and length one.
Two characters look alike when the cosine of their vectors is at least 0.72; each keeps its eight nearest.
Row: character, then `look-alike:cosine` with two digits, most alike first.

Run with Debian's python3-pil and python3-numpy: /usr/bin/python3 packages/augment/tools/compare-glyphs.py
"""

import pathlib
import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED_CHINESE = 2
SIZE, LEAST, NEAREST = 64, 0.72, 8

derived = pathlib.Path(__file__).resolve().parent.parent / "tables" / "derived"
characters = [row.split("\t")[0] for row in (derived / "characters.tsv").read_text("utf8").splitlines()]
font = ImageFont.truetype(FONT, SIZE, index=SIMPLIFIED_CHINESE)


def picture(character):
    image = Image.new("L", (SIZE + 8, SIZE + 8), 0)
    ImageDraw.Draw(image).text((4, 4), character, fill=255, font=font, anchor="lt")
    box = image.getbbox()
    if box is None:
        return None
    centred = Image.new("L", (SIZE + 8, SIZE + 8), 0)
    width, height = box[2] - box[0], box[3] - box[1]
    centred.paste(image.crop(box), ((SIZE + 8 - width) // 2, (SIZE + 8 - height) // 2))
    return numpy.asarray(centred.filter(ImageFilter.GaussianBlur(1.2)).resize((36, 36)), dtype=numpy.float32).ravel()


vectors = numpy.stack([picture(character) for character in characters])
vectors -= vectors.mean(axis=1, keepdims=True)
vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
cosines = vectors @ vectors.T
numpy.fill_diagonal(cosines, 0)
rows = []
for index, character in enumerate(characters):
    order = numpy.argsort(-cosines[index], kind="stable")[:NEAREST]
    alike = [f"{characters[other]}:{cosines[index, other]:.2f}" for other in order if cosines[index, other] >= LEAST]
    if alike:
        rows.append("\t".join([character, *alike]))
(derived / "look-alikes.tsv").write_text("\n".join(rows) + "\n", "utf8")
print(len(rows), "characters with look-alikes")
