"""One training step in PyTorch for every line on standard input: forward, backward, clip, AdamW, on random tokens.

Prints one JSON object per step: seconds and CPU seconds of forward and backward and of the whole step, and the peak memory
in bytes. Needs torch and transformers.
"""

import argparse
import json
import resource
import sys
import time
from contextlib import nullcontext

import torch
from transformers import BertConfig, BertForSequenceClassification


def main():
    parser = argparse.ArgumentParser()
    for name in ["layers", "width", "heads", "inner", "batch", "length", "threads"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--dropout", type=float, required=True)
    parser.add_argument("--type", choices=["fp32", "bf16"], required=True)
    o = parser.parse_args()
    if o.threads > 0:
        torch.set_num_threads(o.threads)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=21128, hidden_size=o.width, num_hidden_layers=o.layers, num_attention_heads=o.heads, intermediate_size=o.inner,
        hidden_dropout_prob=o.dropout, attention_probs_dropout_prob=o.dropout,
    )
    model = BertForSequenceClassification(config).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, eps=1e-6, weight_decay=0.01)
    ids = ((torch.arange(o.batch * o.length) * 7919) % 21123 + 5).reshape(o.batch, o.length)
    sides = (torch.arange(o.length) >= o.length / 2).long().repeat(o.batch, 1)
    mask = torch.ones(o.batch, o.length, dtype=torch.long)
    labels = torch.arange(o.batch) % 2
    print(json.dumps({"version": torch.__version__}), flush=True)
    for _ in sys.stdin:
        clocks = [(time.perf_counter(), time.process_time())]
        with torch.autocast("cpu", dtype=torch.bfloat16) if o.type == "bf16" else nullcontext():
            loss = model(ids, attention_mask=mask, token_type_ids=sides, labels=labels).loss
        loss.backward()
        clocks.append((time.perf_counter(), time.process_time()))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss.item()
        clocks.append((time.perf_counter(), time.process_time()))
        wall = [clock[0] - clocks[0][0] for clock in clocks]
        cpu = [clock[1] - clocks[0][1] for clock in clocks]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"gradients": wall[1], "step": wall[2], "gradientsCpu": cpu[1], "stepCpu": cpu[2], "peak": peak}), flush=True)


if __name__ == "__main__":
    main()
