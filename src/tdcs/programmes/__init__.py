"""Credit programmes and their dated terms: what the law lends, to whom, at what rate, on which day.

Owns: the parameters of programmes as read from `law/parameters`, who is eligible, the pages that show them with their basis.
Not: households (households), loans (loans), the text of the law's documents (law).
"""
