"""FramedLayer: a layer whose outputs have frames in pictures, under the layer's name and text."""

from nn.module import Module


class FramedLayer(Module):
    """``path``: the titles of the frames, the outermost first. Of a layer that stands alone it is the text alone."""

    path: tuple[str, ...]

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        self.path = (*outer, f"{name}  {self!r}")
