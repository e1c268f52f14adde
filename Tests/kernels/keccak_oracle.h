// Made by keccak_oracle.py: SHA-256 over the Keccak-256 digests of the messages in hash_test.c.
static const char keccak_oracle_messages[] = "b81ca18546bb243915952cbbae421ea9309a348d8240742bdf02ab8a1543988e";
static const char keccak_oracle_pair[] = "acfa1c77cde129e39c59e6a1e9910e5a461dfc02ee34d16067f480bd221a2775";
