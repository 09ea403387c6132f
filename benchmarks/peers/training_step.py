"""The peer of LabelTrainingStep: the same network, loss and optimiser in PyTorch, on a batch in memory, with as many threads as
the machine has processors (Debian's PyTorch takes one by itself) and with channels innermost in memory, as radnet trains."""
import json
import os
import sys
import time

import torch
from torch import nn

QUICK = "--quick" in sys.argv
torch.set_num_threads(os.cpu_count())
SIZES = {  # units, widths, expansion, stem filters, stem kernel in plane, grid, embedding: io.radnet.trainer.network.Preset
    "tiny": ([1, 1, 1], [8, 16, 32], 4, 16, 7, (16, 48, 48), 64),
    "small": ([1, 2, 2, 1], [16, 32, 64, 128], 4, 16, 3, (32, 96, 96), 256),
}
HEADS = [3, 10, 3, 2, 11, 1]


class Unit(nn.Module):
    def __init__(self, inputs, width, channels):
        super().__init__()
        self.main = nn.Sequential(
            nn.BatchNorm3d(inputs), nn.ReLU(), nn.Conv3d(inputs, width, 1, bias=False),
            nn.BatchNorm3d(width), nn.ReLU(), nn.Conv3d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm3d(width), nn.ReLU(), nn.Conv3d(width, channels, 1, bias=False))
        self.projection = nn.Conv3d(inputs, channels, 1, bias=False)

    def forward(self, x):
        return self.main(x) + self.projection(x)


class Network(nn.Module):
    def __init__(self, units, widths, expansion, stem, kernel, embedding):
        super().__init__()
        layers = [nn.Conv3d(
            1, stem, (3, kernel, kernel), stride=(1, 2, 2), padding=(1, kernel // 2, kernel // 2), bias=False)]
        channels = stem
        for count, width in zip(units, widths):
            layers.append(nn.MaxPool3d(2))
            for _ in range(count):
                layers.append(Unit(channels, width, expansion * width))
                channels = expansion * width
        layers += [nn.BatchNorm3d(channels), nn.ReLU(), nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(channels, embedding)]
        self.body = nn.Sequential(*layers)
        self.heads = nn.ModuleList([nn.Linear(embedding, classes) for classes in HEADS])

    def forward(self, x):
        x = torch.relu(self.body(x))
        return [head(x) for head in self.heads]


def loss_of(outputs, targets):
    parts = [nn.functional.cross_entropy(out, target) for out, target in zip(outputs[:4], targets[:4])]
    parts.append(nn.functional.binary_cross_entropy_with_logits(outputs[4], targets[4]))
    parts.append(nn.functional.huber_loss(outputs[5], targets[5], delta=0.25))
    return sum(parts)


def measure(preset, batch):
    torch.manual_seed(1)
    units, widths, expansion, stem, kernel, grid, embedding = SIZES[preset]
    network = Network(units, widths, expansion, stem, kernel, embedding).to(memory_format=torch.channels_last_3d)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)
    volumes = torch.rand(batch, 1, *grid).to(memory_format=torch.channels_last_3d)
    targets = [torch.randint(classes, (batch,)) for classes in HEADS[:4]] + [torch.rand(batch, 11).round(), torch.rand(batch, 1)]
    samples = []
    for repetition in range(3 if QUICK else 25):
        begin = time.perf_counter()
        optimiser.zero_grad()
        loss = loss_of(network(volumes), targets)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2)
        optimiser.step()
        float(loss)
        if repetition >= (1 if QUICK else 5):
            samples.append((time.perf_counter() - begin) * 1e3)
    return samples


for preset, batch in [("tiny", 2)] if QUICK else [("tiny", 8), ("small", 8)]:
    print(json.dumps({"benchmark": "LabelTrainingStep.step", "parameters": {"preset": preset, "batch": str(batch)},
                      "peer": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", "unit": "ms/op",
                      "samples": measure(preset, batch)}), flush=True)
