#!/usr/bin/env bash
# Makes a folder that runs the WebGPU bench on a Linux machine with a GPU, Node and nothing else: no npm, no network.
#   packages/tfjs-onnx/bench/bundle-webgpu.sh [FOLDER]     (node_modules/.cache/webgpu-bench)
#   FOLDER/run.sh                                          there; FIGURES=FILE keeps the figures as JSON Lines
# run.sh measures 4 × 312, 6 × 512 and 12 × 768 in float32 and float16, and PyTorch's steps if BENCH_PYTHON names one with CUDA.
set -euo pipefail
cd "$(dirname "$0")/../../.."
folder=${1:-node_modules/.cache/webgpu-bench}
rm -rf "$folder"
mkdir -p "$folder/node_modules/onnxruntime-node/bin/napi-v6/linux"
source=packages/tfjs-onnx
# What is CommonJS inside of the bundle asks for `require`.
npx esbuild "$source/bench/main.ts" "$source/src/worker.ts" "$source/src/adapter-probe.ts" --bundle --platform=node --format=esm \
  --conditions=@samequestion/source --external:onnxruntime-node --entry-names='[name]' --outdir="$folder" --log-level=warning \
  --banner:js="import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);"
echo '{ "type": "module" }' > "$folder/package.json"
mkdir "$folder/peers" && cp "$source"/bench/peers/*.py "$folder/peers/"
runtime="$folder/node_modules/onnxruntime-node"
cp -rL node_modules/onnxruntime-node/package.json node_modules/onnxruntime-node/dist "$runtime/"
cp -rL node_modules/onnxruntime-node/bin/napi-v6/linux/x64 "$runtime/bin/napi-v6/linux/"
mkdir -p "$folder/node_modules/onnxruntime-common"
cp -rL node_modules/onnxruntime-common/package.json node_modules/onnxruntime-common/dist "$folder/node_modules/onnxruntime-common/"
find "$folder" -name '*.map' -delete
# A Vulkan loader, where .ci/software-gpu has fetched one, for containers that have the driver alone.
loader=node_modules/.cache/swiftshader/libvulkan.so.1
if [ -f "$loader" ]; then mkdir "$folder/loader" && cp "$loader" "$folder/loader/"; fi
cat > "$folder/run.sh" << 'RUN'
#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
export BENCH_CASES=${BENCH_CASES:-4x312:32x64,4x312:128x128,6x512:32x64,12x768:32x64,12x768:32x128} BENCH_STEPS=${BENCH_STEPS:-10}
if ! ldconfig -p | grep -q 'libvulkan\.so\.1' && [ -d loader ]; then export LD_LIBRARY_PATH="$PWD/loader${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; fi
# A container may have NVIDIA's driver without the file that names it to Vulkan.
if [ -z "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ] && ldconfig -p | grep -q 'libGLX_nvidia\.so\.0' &&
  ! ls /usr/share/vulkan/icd.d/nvidia* /etc/vulkan/icd.d/nvidia* > /dev/null 2>&1; then
  echo '{ "file_format_version": "1.0.0", "ICD": { "library_path": "libGLX_nvidia.so.0", "api_version": "1.3" } }' > nvidia.json
  export VK_DRIVER_FILES="$PWD/nvidia.json" VK_ICD_FILENAMES="$PWD/nvidia.json"
fi
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2> /dev/null || true
node main.js | tee "${FIGURES:-figures.jsonl}"
RUN
chmod +x "$folder/run.sh"
du -sh "$folder"
