/** What the service calls a layout, in words of the lab. */
const NAMES: Readonly<Record<string, string>> = {
  'image-folder': 'Folder of images by class',
  'tiny-imagenet': 'Tiny ImageNet',
  imagenet: 'ImageNet',
  'cifar-10': 'CIFAR-10 (binary or Python batches)',
  'cifar-100': 'CIFAR-100',
  mnist: 'MNIST-like files (IDX)',
  svhn: 'SVHN',
  numpy: 'NumPy arrays of images and labels',
  corrupted: 'Corrupted images by kind and severity (-C set)',
  'data file': 'CoTrain data file (HDF5)',
  'session-pickle': 'Recording sessions (pickle) with .npy images',
  filetree: 'Sensorium folder (one file per trial)',
  'static-hdf5': 'Sensorium static HDF5',
  nwb: 'Neurodata Without Borders (NWB)',
  'images-and-responses': 'Images with an array of responses',
  'stimulus-tables': 'Arrays of stimuli and responses by region',
  'csv-folder': 'Images with a table of responses (CSV)',
  arrays: 'Named arrays (HDF5, MATLAB 7.3 or npz)',
}

/** A layout's name for people. */
export const formatName = (format: string): string => NAMES[format] ?? format
