/** Image sets that a config can name, with the normalisation published for them. */
export const IMAGE_SETS = [
  'TinyImageNet',
  'ImageNet',
  'MNIST',
  'FashionMNIST',
  'KMNIST',
  'CIFAR10',
  'CIFAR100',
  'SVHN',
  'ImageFolder',
  'library',
] as const
export type ImageSetName = (typeof IMAGE_SETS)[number]

/** Sets whose names in configs are not those of the field. */
const TITLES: Readonly<Partial<Record<ImageSetName, string>>> = {
  TinyImageNet: 'Tiny ImageNet',
  FashionMNIST: 'Fashion-MNIST',
  KMNIST: 'Kuzushiji-MNIST',
  CIFAR10: 'CIFAR-10',
  CIFAR100: 'CIFAR-100',
  ImageFolder: 'a folder of images',
}

/** An image set as people call it. */
export const imageSetTitle = (name: ImageSetName): string => TITLES[name] ?? name

interface Normalisation {
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

interface ImageSetFacts {
  readonly inputSize: number
  readonly colour: Normalisation | null
  readonly grey: Normalisation | null
  /** Mirrored or turned images stay in their class. */
  readonly augment: boolean
}

const digits = { mean: [0.1307], std: [0.3081] }

/** null: measured on the training images. */
export const imageSetFacts: Readonly<Record<ImageSetName, ImageSetFacts>> = {
  TinyImageNet: {
    inputSize: 64,
    colour: { mean: [0.4802, 0.4481, 0.3975], std: [0.2302, 0.2265, 0.2262] },
    grey: { mean: [0.4519], std: [0.2221] },
    augment: true,
  },
  ImageNet: {
    inputSize: 224,
    colour: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    grey: { mean: [0.4573], std: [0.2156] },
    augment: true,
  },
  MNIST: { inputSize: 32, colour: digits, grey: digits, augment: false },
  FashionMNIST: { inputSize: 32, colour: null, grey: null, augment: true },
  KMNIST: { inputSize: 32, colour: null, grey: null, augment: false },
  CIFAR10: {
    inputSize: 32,
    colour: { mean: [0.49139968, 0.48215841, 0.44653091], std: [0.24703223, 0.24348513, 0.26158784] },
    grey: null,
    augment: true,
  },
  CIFAR100: {
    inputSize: 32,
    colour: { mean: [0.50707516, 0.48654887, 0.44091784], std: [0.26733429, 0.25643846, 0.27615047] },
    grey: null,
    augment: true,
  },
  SVHN: {
    inputSize: 32,
    colour: { mean: [0.4377, 0.4438, 0.4728], std: [0.198, 0.201, 0.197] },
    grey: null,
    augment: false,
  },
  ImageFolder: { inputSize: 64, colour: null, grey: null, augment: true },
  library: { inputSize: 64, colour: null, grey: null, augment: true },
}
