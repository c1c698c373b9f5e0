"""The same training step in PyTorch, for comparison: forward, backward, clip, AdamW, on random tokens.

Prints one JSON object per case. Needs torch and transformers.
"""

import argparse
import json
import time
from contextlib import nullcontext

import torch
from transformers import BertConfig, BertForSequenceClassification

SIZES = {"4x312": (4, 312, 12, 1200), "6x512": (6, 512, 8, 2048), "12x768": (12, 768, 12, 3072)}


def measure(name, batch, length, kind, device, steps, dropout):
    layers, width, heads, inner = SIZES[name]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=21128, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=inner,
        hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout,
    )
    model = BertForSequenceClassification(config).to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, eps=1e-6, weight_decay=0.01)
    torch.backends.cuda.matmul.allow_tf32 = kind == "tf32"
    ids = ((torch.arange(batch * length) * 7919) % 21128).reshape(batch, length).to(device)
    sides = (torch.arange(length) > length / 2).long().repeat(batch, 1).to(device)
    mask = torch.ones(batch, length, dtype=torch.long, device=device)
    labels = (torch.arange(batch) % 2).to(device)
    cast = torch.autocast(device, dtype=torch.bfloat16) if kind == "bf16" else nullcontext()
    times = []
    for step in range(steps + 2):
        started = time.perf_counter()
        with cast:
            loss = model(ids, attention_mask=mask, token_type_ids=sides, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        value = loss.item()
        if step >= 2:
            times.append(time.perf_counter() - started)
    dense = sum(p.numel() for n, p in model.named_parameters() if "embeddings" not in n or "LayerNorm" in n)
    flops = 6 * dense * batch * length + 12 * layers * batch * length * length * width
    times.sort()
    second = times[len(times) // 2]
    print(json.dumps({"name": f"torch {torch.__version__} {kind} {name} {batch}x{length} dropout {dropout}", "seconds": second, "best": times[0], "flops": flops / second, "loss": value}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--type", choices=["fp32", "tf32", "bf16"], default="fp32")
    parser.add_argument("--cases", default="4x312:32x64")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--dropout", type=float, default=0.0)
    arguments = parser.parse_args()
    for case in arguments.cases.split(","):
        name, shape = case.split(":")
        batch, length = map(int, shape.split("x"))
        measure(name, batch, length, arguments.type, arguments.device, arguments.steps, arguments.dropout)


if __name__ == "__main__":
    main()
