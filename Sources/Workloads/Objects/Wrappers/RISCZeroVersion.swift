import AssayProofs

/// The versions of RISC Zero's Groth16 verifier (risc0-ethereum, `contracts/src/groth16/ControlID.sol` and its history), all with one
/// key. There was no verifier of a version 4.
struct RISCZeroVersion {
  let name: String
  /// The first four bytes of the verifier's parameters' digest.
  let selector: [UInt8]
  let controlRoot: [UInt8]
  let controlId: [UInt8]

  private init(_ name: String, selector: String, root: String, identifier: String = lastIdentifier) {
    self.name = name
    self.selector = Hex.bytes(selector.utf8) ?? []
    controlRoot = Hex.bytes(root.utf8) ?? []
    controlId = Hex.bytes(identifier.utf8) ?? []
  }

  /// The control identifier since version 1.2.
  private static let lastIdentifier = "04446e66d300eb7fb45c9726bb53c793dda407a62e9601618bb43c5c14657ac0"

  /// Every version that is known, the oldest first.
  static let all = [
    RISCZeroVersion(
      "1.0", selector: "310fe598", root: "a516a057c9fbf5629106300934d48e0e775d4230e41e503347cad96fcbde7e2e",
      identifier: "0eb6febcf06c5df079111be116f79bd8c7e85dc9448776ef9a59aaf2624ab551"),
    RISCZeroVersion(
      "1.1", selector: "50bd1769", root: "8b6dcf11d463ac455361b41fb3ed053febb817491bdea00fdb340e45013b852e",
      identifier: "05a022e1db38457fb510bc347b30eb8f8cf3eda95587653d0eac19e1f10d164e"),
    RISCZeroVersion(
      "1.2", selector: "c101b42b", root: "8cdad9242664be3112aba377c5425a4df735eb1c6966472b561d2855932c0469"),
    RISCZeroVersion(
      "2.0", selector: "9f39696c", root: "539032186827b06719244873b17b2d4c122e2d02cfb1994fe958b2523b844576"),
    RISCZeroVersion(
      "2.1", selector: "f536085a", root: "884389273e128b32475b334dec75ee619b77cb33d41c332021fe7e44c746ee60"),
    RISCZeroVersion(
      "2.2", selector: "bb001d44", root: "ce52bf56033842021af3cf6db8a50d1b7535c125a34f1a22c6fdcf002c5a1529"),
    RISCZeroVersion(
      "3.0", selector: "73c457ba", root: "a54dc85ac99f851c92d7c96d7318af41dbe7c0194edfcc37eb4d422a998c1f56"),
    RISCZeroVersion(
      "5.0", selector: "c27d1bc0", root: "b1f64013f70bbb386a8b3a3d63552c5cb5ea4a549ec7fb1ecc2a031dbf488167"),
  ]

  /// The key in EIP-197's encoding.
  static let key = Groth16Key(bytes: Hex.bytes(keyText.utf8) ?? [])

  private static let keyText =
    "2d4d9aa7e302d9df41749d5507949d05dbea33fbb16c643b22f599a2be6df2e214bedd503c37ceb061d8ec60209fe345"
    + "ce89830a19230301f076caff004d19260967032fcbf776d1afc985f88877f182d38480a653f2decaa9794cbc3bf3060c"
    + "0e187847ad4c798374d0d6732bf501847dd68bc0e071241e0213bc7fc13db7ab304cfbd1e08a704a99f5e847d93f8c3c"
    + "aafddec46b7a0d379da69a4d112346a71739c1b1a457a8c7313123d24d2f9192f896b7c63eea05a9d57f06547ad0cec8"
    + "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c21800deef121f1e76426a00665e5c4479"
    + "674322d4f75edadd46debd5cd992f6ed090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
    + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa03b03cd5effa95ac9bee94f1f5ef9071"
    + "57bda4812ccf0b4c91f42bb629f83a1c1aa085ff28179a12d922dba0547057ccaae94b9d69cfaa4e60401fea7f3e0333"
    + "110c10134f200b19f6490846d518c9aea868366efb7228ca5c91d2940d0307621e60f31fcbf757e837e867178318832d"
    + "0b2d74d59e2fea1c7142df187d3fc6d312ac9a25dcd5e1a832a9061a082c15dd1d61aa9c4d553505739d0f5d65dc3be4"
    + "025aa744581ebe7ad91731911c898569106ff5a2d30f3eee2b23c60ee980acd40707b920bc978c02f292fae2036e057b"
    + "e54294114ccc3c8769d883f688a1423f2e32a094b7589554f7bc357bf63481acd2d55555c203383782a4650787ff6642"
    + "0bca36e2cbe6394b3e249751853f961511011c7148e336f4fd974644850fc3472ede7c9acf48cf3a3729fa3d68714e2a"
    + "8435d4fa6db8f7f409c153b1fcdf9b8b1b8af999dbfbb3927c091cc2aaf201e488cbacc3e2c6b6fb5a25f9112e04f2a7"
    + "2b91a26aa92e1b6f5722949f192a81c850d586d81a60157f3e9cf04f679cccd62b5f494ed674235b8ac1750bdfd5a761"
    + "5f002d4a1dcefeddd06eda5a076ccd0d2fe520ad2020aab9cbba817fcbb9a863b8a76ff88f14f912c5e71665b2ad5e82"
    + "0f1c3c0d5d9da0fa03666843cde4e82e869ba5252fce3c25d5940320b1c4d493214bfcff74f425f6fe8c0d07b307482d"
    + "8bc8bb2f3608f68287aa01bd0b69e809"
}
