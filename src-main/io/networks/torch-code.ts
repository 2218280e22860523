import type { ExchangeGraph } from './graph.ts'
import { torchLines } from './torch-lines.ts'

/** One output of a network as it is exported: a task, or the readout of one session. */
export interface ExportedOutput {
  /** `img_classification`, or `v1/session`. */
  readonly name: string
  readonly graph: ExchangeGraph
  /** What the columns of its answers are. */
  readonly columns: string
  /** How images are prepared: (x - mean) / std of grey levels from 0 to 1, one number or one for each channel. */
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] }
}

const text = (value: string): string => JSON.stringify(value)
const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join('\n')

/** A Python file that rebuilds a network with PyTorch from the files beside it, and checks it against stored answers. */
export const torchCode = (
  title: string,
  outputs: readonly ExportedOutput[],
  vision: string | null,
): string => `"""${title.replaceAll('"', "'").replaceAll('\\', '/')}

Rebuilt with PyTorch: model.safetensors holds the weights under their published names, examples.safetensors a few pictures with the
answers that CoTrain gave. "python model.py" compares.

    from model import Network
    network = Network().eval()
    answers = network(images, output=${text(outputs[0]?.name ?? '')})

Images are [batch, channels, height, width], prepared as in training: (grey levels from 0 to 1 - mean) / std.
Needs torch and safetensors.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

FOLDER = Path(__file__).resolve().parent
TOLERANCE = 1e-5


def sample(maps, positions, align_corners):
    """Maps at positions [batch or 1, units, 2] in [-1, 1], x first: [batch, units, channels]."""
    grid = positions.expand(maps.shape[0], -1, -1).unsqueeze(2)
    return F.grid_sample(maps, grid, align_corners=align_corners).squeeze(3).transpose(1, 2)


${outputs.map(outputFunction).join('\n\n\n')}


OUTPUTS = {
${outputs.map(outputEntry).join('\n')}
}

${networkClass(outputs[0]?.name ?? '', vision)}
`

const functionName = (name: string, number: number): string =>
  `answer_${number}_${name.replace(/[^A-Za-z0-9_]/g, '_')}`

const outputFunction = ({ name, graph, columns }: ExportedOutput, number: number): string =>
  `def ${functionName(name, number)}(w, c, images):
    """${columns}: [batch, ${graph.output.columns}]."""
${indented(torchLines(graph))}`

function outputEntry({ name, graph, normalisation: { mean, std } }: ExportedOutput, number: number): string {
  const { channels, height, width } = graph.images
  return `    ${text(name)}: {
        "answer": ${functionName(name, number)},
        "images": (${channels}, ${height}, ${width}),
        "mean": [${mean.join(', ')}],
        "std": [${std.join(', ')}],
    },`
}

/** The class with the weights, and the comparison with stored answers. */
const networkClass = (first: string, vision: string | null): string => `
class Network(torch.nn.Module):
    """The network with its weights: state_dict() has the published names. Answers are those of evaluation."""

    def __init__(self, folder=FOLDER):
        super().__init__()
        self.constants = {k: v for k, v in load_file(folder / "examples.safetensors").items() if k.startswith("constant.")}
        for name, value in load_file(folder / "model.safetensors").items():
            *path, leaf = name.split(".")
            at = self
            for part in path:
                if part not in at._modules:
                    at.add_module(part, torch.nn.Module())
                at = at._modules[part]
            if value.is_floating_point() and not leaf.startswith("running_"):
                at.register_parameter(leaf, torch.nn.Parameter(value))
            else:
                at.register_buffer(leaf, value)

    def forward(self, images, output=${text(first)}):
        constants = {k: v.to(images.device) for k, v in self.constants.items()}
        weights = {**dict(self.named_parameters()), **dict(self.named_buffers())}
        return OUTPUTS[output]["answer"](weights, constants, images)

${vision === null ? '' : `\n${vision}\n`}
def check():
    """The largest difference from the stored answers, of each output; the worst is returned."""
    examples = load_file(FOLDER / "examples.safetensors")
    network, worst = Network().eval(), 0.0
    for name in OUTPUTS:
        stored = examples[f"answers/{name}"]
        with torch.no_grad():
            networks = {"rebuilt": network(examples[f"images/{name}"], output=name)}
${vision === null ? '' : '            try:\n                networks["torchvision"] = with_torchvision()(examples[f"images/{name}"])\n            except (ImportError, RuntimeError) as reason:  # RuntimeError: built for another PyTorch\n                print(f"compared without torchvision: {reason}")\n'}        for kind, answers in networks.items():
            difference = float(((answers - stored).abs() / stored.abs().clamp(min=1)).max())
            worst = max(worst, difference)
            print(f"{name} ({kind}): {tuple(stored.shape)} answers, largest difference {difference:.1e}")
    return worst


if __name__ == "__main__":
    raise SystemExit(0 if check() <= TOLERANCE else "the answers differ")`
