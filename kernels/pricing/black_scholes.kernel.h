// Black-Scholes-Merton price and Greeks.
