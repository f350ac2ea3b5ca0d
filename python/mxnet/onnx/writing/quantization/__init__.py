"""Networks of 8 bits as QuantizeLinear and DequantizeLinear."""
