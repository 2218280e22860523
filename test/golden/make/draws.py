"""Standard-normal draws of readout positions, replaced by numbers of the rule, so that both sides see the same ones."""

import torch

from rule import recipe, values


class Draws:
    """While active every `normal_` takes the next recipe; `taken` lists them."""

    def __init__(self, first_seed):
        self.seed = first_seed
        self.taken = []

    def __enter__(self):
        self.original = torch.Tensor.normal_
        draws = self

        def fill(tensor, *_args, **_kwargs):
            r = recipe(tensor.shape, draws.seed, 1.7, 0.0)
            draws.seed += 1
            draws.taken.append(r)
            return tensor.copy_(values(r, tensor.dtype))

        torch.Tensor.normal_ = fill
        return self

    def __exit__(self, *_):
        torch.Tensor.normal_ = self.original
