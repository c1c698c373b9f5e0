"""The same training step in PyTorch, for comparison: forward, backward, clip, AdamW, on random tokens.

Prints one JSON object per line: first what products of matrices reach on the device, then every case in every type. fp16 is
autocast with a GradScaler, tf32 is float32 with products in TF32. Needs torch and transformers.
"""

import argparse
import json
import time
from contextlib import nullcontext

import torch
from transformers import BertConfig, BertForSequenceClassification

TYPES = ["fp32", "tf32", "fp16", "bf16"]
HALVES = {"fp16": torch.float16, "bf16": torch.bfloat16}


def wait(device):
    if device == "cuda":
        torch.cuda.synchronize()


def peak(kind, device):
    torch.backends.cuda.matmul.allow_tf32 = kind == "tf32"
    size = 8192 if device == "cuda" else 1024
    x = torch.randn(size, size, device=device, dtype=HALVES.get(kind, torch.float32))
    best = float("inf")
    for _ in range(10):
        wait(device)
        started = time.perf_counter()
        x @ x
        wait(device)
        best = min(best, time.perf_counter() - started)
    print(json.dumps({"peak": kind, "rate": 2 * size**3 / best, "size": size}), flush=True)


def measure(case, kind, device, steps, dropout):
    name, shape = case.split(":")
    layers, width = map(int, name.split("x"))
    batch, length = map(int, shape.split("x"))
    heads, inner = (12, 1200) if width == 312 else (max(1, width // 64), 4 * width)
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = kind == "tf32"
    config = BertConfig(
        vocab_size=21128, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=inner,
        hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout,
    )
    model = BertForSequenceClassification(config).to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, eps=1e-6, weight_decay=0.01)
    scaler = torch.amp.GradScaler(device, enabled=kind == "fp16")
    ids = ((torch.arange(batch * length) * 7919) % 21123 + 5).reshape(batch, length).to(device)
    sides = (torch.arange(length) >= length / 2).long().repeat(batch, 1).to(device)
    mask = torch.ones(batch, length, dtype=torch.long, device=device)
    labels = (torch.arange(batch) % 2).to(device)
    times = []
    for step in range(steps + 2):
        wait(device)
        started = time.perf_counter()
        with torch.autocast(device, dtype=HALVES[kind]) if kind in HALVES else nullcontext():
            loss = model(ids, attention_mask=mask, token_type_ids=sides, labels=labels).loss
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        value = loss.item()
        wait(device)
        if step >= 2:
            times.append(time.perf_counter() - started)
    times.sort()
    seconds = times[len(times) // 2]
    print(json.dumps({"case": case, "type": kind, "version": torch.__version__, "seconds": seconds, "loss": value}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--types", default="fp32")
    parser.add_argument("--cases", default="4x312:32x64")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--dropout", type=float, default=0.0)
    arguments = parser.parse_args()
    for kind in arguments.types.split(","):
        if kind not in TYPES:
            parser.error(f"--types: expected some of {', '.join(TYPES)}, got {kind}")
        peak(kind, arguments.device)
        for case in arguments.cases.split(","):
            measure(case, kind, arguments.device, arguments.steps, arguments.dropout)


if __name__ == "__main__":
    main()
