"""Which characters bytes mean, whatever their label says.

charset    the ladder    label (what senders write)  codepage  iso2022
unlabelled hint (what the mail names itself)  judge  tongue (how likely is a text?)
"""
