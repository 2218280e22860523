"""The JPEG files of a case as a DataLoader's dataset: decoded by Pillow, shifted, mirrored and turned as the product does it."""

import os
import random

import numpy as np
import torch
from PIL import Image

PADDING = 4
DEGREES = 15
MEAN, STD = 0.45, 0.27


class Files(torch.utils.data.Dataset):
    """The first `count` images below train/<class>/images, with the rank of the class."""

    def __init__(self, folder, count):
        top = os.path.join(folder, "train")
        self.found = [
            (os.path.join(top, name, "images", file), label)
            for label, name in enumerate(sorted(os.listdir(top)))
            for file in sorted(os.listdir(os.path.join(top, name, "images")))
        ]
        # Every class alike: the files of a class follow one another.
        step = len(self.found) / count
        self.found = [self.found[int(i * step)] for i in range(count)]

    def __len__(self):
        return len(self.found)

    def __getitem__(self, i):
        path, label = self.found[i]
        image = Image.open(path).convert("RGB")
        width, height = image.size
        x, y = random.randint(-PADDING, PADDING), random.randint(-PADDING, PADDING)
        image = image.crop((x, y, x + width, y + height))
        if random.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        image = image.rotate(random.uniform(-DEGREES, DEGREES))
        pixels = (np.asarray(image, np.float32) / 255 - MEAN) / STD
        return torch.from_numpy(pixels).permute(2, 0, 1), label
