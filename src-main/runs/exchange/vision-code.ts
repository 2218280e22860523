import { vggBackbone } from '../../engine/model/index.ts'
import type { ModelChoice } from '../../../src-shared/schema/registry.ts'

/** Python for the same network of torchvision; null where torchvision has none. `units`: outputs of each linear layer of its head. */
export function visionCode(
  { fn, config }: ModelChoice,
  weights: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): string | null {
  if (fn !== 'classification_cnn_builder' || config.readout_type !== 'dense') return null
  const { layout, batchNorm } = vggBackbone(config.type, config.width)
  const linear = [...weights].flatMap(([name, { shape }]) =>
    /^classifier\.\d+\.weight$/.test(name) ? [`torch.nn.Linear(${shape[1]}, ${shape[0]})`] : [],
  )
  const between = `torch.nn.ReLU(), torch.nn.Dropout(${config.readout_dropout})`
  return `
def with_torchvision():
    """The same network of torchvision with these weights, for images of one channel too."""
    from torchvision.models.vgg import VGG, make_layers

    layout = [${layout.map((entry) => (entry === 'M' ? '"M"' : entry)).join(', ')}]
    network = VGG(make_layers(layout, batch_norm=${batchNorm ? 'True' : 'False'}), init_weights=False)
${config.avg_pool ? '' : '    network.avgpool = torch.nn.Identity()\n'}    network.classifier = torch.nn.Sequential(${linear.join(`, ${between}, `)})
    network.load_state_dict(load_file(FOLDER / "model.safetensors"))
    network.eval()
    return lambda images: network(images.expand(-1, 3, -1, -1))
`
}
