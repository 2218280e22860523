import { z } from 'zod'
import { boolean, choice, custom, list, number, text } from '../field.ts'
import { byCorruption, everyCommonCorruption, GAUSS_LEVELS, severity } from './corruptions.ts'

const corruptions = byCorruption(z.array(severity))

/** Conditions in which the trained network is scored. */
export const imageTestFields = {
  validation_gauss: list(z.number().min(0).max(10), {
    default: [...GAUSS_LEVELS],
    label: 'Noise levels',
    help: 'Sd of Gaussian noise at which the validation images are scored at the end.',
    group: 'Robustness tests',
  }),
  add_out_domain_test: boolean({
    default: true,
    label: 'Other noise condition',
    help: 'Score validation and test images in the noise condition that training did not have.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_fly_corrupted_test: custom(corruptions, {
    default: everyCommonCorruption(),
    label: 'Corruptions',
    help: 'Corruption -> severities at which the test images are scored at the end.',
    group: 'Robustness tests',
  }),
  fly_subset: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the test set for corruptions',
    help: 'Share of the test images that the corruption tests use.',
    group: 'Robustness tests',
  }),
  constants: choice(['ic', 'hd64', 'hd32', 'auto'], {
    default: 'ic',
    label: 'Severity constants',
    help: 'ic: those for 224 px at any size, as published; hd64 and hd32: those of Tiny-ImageNet-C and CIFAR-10-C; auto: by input size.',
    group: 'Robustness tests',
  }),
  frost_textures: text({
    default: '',
    label: 'Frost images',
    help: 'Folder with frost photographs; empty: a drawn crystal texture.',
    group: 'Robustness tests',
    advanced: true,
    identity: false,
  }),
  add_corrupted_test: boolean({
    default: true,
    label: 'Stored corrupted set',
    help: 'Score the -C set on disk (TinyImageNet-C, CIFAR-10-C, MNIST-C ...).',
    group: 'Robustness tests',
  }),
  corrupted_dir: text({
    default: '',
    label: 'Folder of the corrupted set',
    help: 'Empty: beside the set, its name with -C.',
    group: 'Robustness tests',
    identity: false,
  }),
  use_c_test_as_val: boolean({
    default: false,
    label: 'Validate on corruptions',
    help: 'Validation images come from the validation corruptions of the stored corrupted set.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_imagenet_fly_test: boolean({
    default: false,
    label: 'Corrupt full-size images',
    help: 'TinyImageNet: also score the full-size images of its classes, resized and corrupted.',
    group: 'Robustness tests',
    advanced: true,
  }),
  imagenet_val_dir: text({
    default: '',
    label: 'Folder of full-size images',
    help: 'Empty: imagenet_val inside the TinyImageNet folder.',
    group: 'Robustness tests',
    advanced: true,
    identity: false,
  }),
  add_rotated_test: boolean({
    default: false,
    label: 'Turned images',
    help: 'Score test images turned by 0, 90, 180 or 270 degrees at random.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_stylized_test: boolean({
    default: false,
    label: 'Stylised images',
    help: 'Score a folder of stylised test images.',
    group: 'Robustness tests',
    advanced: true,
  }),
  stylized_dir: text({
    default: '',
    label: 'Folder of stylised images',
    help: 'Class folders; empty: beside the set, its name with -stylized.',
    group: 'Robustness tests',
    advanced: true,
    identity: false,
  }),
}
