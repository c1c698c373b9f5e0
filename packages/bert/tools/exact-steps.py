"""Writes test/golden/after-5-steps-corrected-exact.safetensors: the golden run of corrected AdamW again, in float64.

The golden weights were computed in float32. Where a gradient is as small as its own rounding, AdamW divides that rounding by its own size, so
float32 weights are known only as far as this run tells. Rounded to float32 when written. Run from packages/bert, with torch and transformers:

    python3 tools/exact-steps.py
"""

import json

import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForSequenceClassification

GOLDEN = "test/golden"
WEIGHTS = "../checkpoints/test/golden/hf-folder/model.safetensors"

config = BertConfig.from_pretrained(f"{GOLDEN}/configs/hf-folder.json")
model = BertForSequenceClassification(config).eval().double()
model.load_state_dict({name: value.double() for name, value in load_file(WEIGHTS).items()}, strict=False)
batch = {name: load_file(f"{GOLDEN}/forward-backward.safetensors")[name].long()
         for name in ("input_ids", "token_type_ids", "attention_mask", "labels")}
undecayed = lambda name: name.endswith("bias") or "LayerNorm" in name
optimizer = torch.optim.AdamW(
    [{"params": [value for name, value in model.named_parameters() if undecayed(name) == kind], "weight_decay": 0 if kind else 0.01}
     for kind in (True, False)],
    eps=1e-8,
)
for logged in json.load(open(f"{GOLDEN}/README.json"))["steps"]["corrected"]:
    optimizer.zero_grad()
    loss = model(**batch).loss
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    assert abs(loss.item() - logged["loss"]) < 1e-6 and abs(norm.item() - logged["gradient_norm"]) < 1e-6
    for group in optimizer.param_groups:
        group["lr"] = logged["learning_rate"]
    optimizer.step()
names = load_file(f"{GOLDEN}/after-5-steps-corrected.safetensors").keys()
save_file({name: model.state_dict()[name].float().contiguous() for name in names}, f"{GOLDEN}/after-5-steps-corrected-exact.safetensors")
