"""pymerkle's verify_inclusion, one proof after the other: RFC 6962, depth 12. Needs pymerkle 7.0.0."""
import time

from pymerkle import InmemoryTree, verify_inclusion

SIZE = 1 << 12
tree = InmemoryTree(algorithm="sha256")
for index in range(SIZE):
    tree.append_entry(index.to_bytes(8, "big"))
root = tree.get_root()
proofs = [(tree.get_leaf(index), tree.prove_inclusion(index)) for index in range(1, SIZE, 41)]
best = float("inf")
for _ in range(5):
    start = time.process_time()
    for leaf, proof in proofs:
        verify_inclusion(leaf, root, proof)
    best = min(best, time.process_time() - start)
print(f"pymerkle rfc6962 depth 12, one by one: {best / len(proofs) * 1e9:.0f} ns a proof")
